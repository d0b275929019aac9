package org.espalier.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.espalier.spec.toy.ToyExperiment;
import org.espalier.spec.toy.ToyStep;
import org.espalier.spec.toy.Toys;
import org.espalier.spec.toy.optimise.Adam;
import org.espalier.spec.toy.optimise.Sgd;
import org.espalier.spec.toy.pattern.Unstructured;
import org.espalier.spec.toy.score.Gblm;
import org.espalier.spec.toy.source.Mnist;
import org.junit.jupiter.api.Test;

class OverridesTest {
    private static ToyExperiment with(String overrides) {
        return with(Toys.TICKET, overrides);
    }

    private static ToyExperiment with(String spec, String overrides) {
        return Binder.bind(ToyExperiment.class, Overrides.apply(Yaml.parse(spec, "toy.yaml"), overrides));
    }

    private static void refuses(String overrides, String message) {
        assertThatThrownBy(() -> with(overrides))
                .isInstanceOf(SpecException.class)
                .hasMessage(message);
    }

    private static ToyStep.Repeat repeat(ToyExperiment experiment) {
        return (ToyStep.Repeat) experiment.steps().get(1);
    }

    private static ToyStep.Train train(ToyExperiment experiment, int index) {
        return (ToyStep.Train) repeat(experiment).steps().get(index);
    }

    private static ToyStep.Prune prune(ToyExperiment experiment) {
        return (ToyStep.Prune) repeat(experiment).steps().get(2);
    }

    @Test
    void setsEveryStepOfAVerbHoweverDeep() {
        ToyExperiment changed = with("repeat.times=4 train.steps=2_000");
        assertThat(repeat(changed).times()).isEqualTo(4);
        assertThat(List.of(train(changed, 0).steps(), train(changed, 4).steps()))
                .containsExactly(2000, 2000);
        assertThat(train(with("repeat.train.batch=7"), 4).batch()).isEqualTo(7);
        assertThat(train(with("steps.train.batch=7"), 0).batch()).isEqualTo(7);
    }

    @Test
    void setsOnlyTheStepOfAName() {
        ToyExperiment changed = with("control.steps=9");
        assertThat(List.of(train(changed, 0).steps(), train(changed, 4).steps()))
                .containsExactly(50_000, 9);
    }

    @Test
    void setsWhatStandsBesideAVerb() {
        String beside = "- as: control\n  train:\n  data: train\n  steps: 5\n- train: { data: train,";
        String spec = Toys.TICKET.replace(
                "- train: { as: control, data: train, steps: 2000,", beside.replace("\n", "\n" + " ".repeat(8)));
        ToyExperiment changed = with(spec, "control.steps=9 control.batch=3 rewind.as=back");
        assertThat(train(changed, 4).steps()).isEqualTo(9);
        assertThat(train(changed, 4).batch()).isEqualTo(3);
        assertThat(train(changed, 5).steps()).isEqualTo(1000);
        assertThat(repeat(changed).steps().get(6)).isEqualTo(new ToyStep.Rewind("init", Optional.of("back")));
    }

    @Test
    void setsMethodsAndTheirParameters() {
        assertThat(prune(with("prune.score={gblm: {alpha: 3, squared: true}}")).score())
                .isEqualTo(new Gblm(3, true));
        assertThat(prune(with("prune.score=gblm prune.score.gblm.alpha=7")).score())
                .isEqualTo(new Gblm(7, false));
        assertThat(prune(with("prune.pattern.unstructured.within=row")).pattern())
                .isEqualTo(new Unstructured(Unstructured.Within.ROW));
        assertThat(train(with("train.optimise=adam train.optimise.adam.rate=1e-3"), 4)
                        .optimise())
                .isEqualTo(new Adam(1e-3, List.of(0.9, 0.999), 1e-8));
        assertThat(train(with("control.optimise.sgd.nesterov=true"), 4).optimise())
                .isEqualTo(new Sgd(0.1, 0.5, true));
    }

    @Test
    void addsWhatTheRecordKnowsAndFreeNamesWithAPlus() {
        assertThat(prune(with("prune.skip=[first, last]")).skip()).containsExactly("first", "last");
        assertThat(train(with("control.watch={data: valid} control.watch.every=5"), 4)
                        .watch())
                .contains(new ToyStep.Watch("valid", 5, List.of("loss", "accuracy")));
        assertThat(with("+data.extra={mnist: {}}").data()).containsEntry("extra", new Mnist(Mnist.Part.TRAIN, 0));
        assertThat(with("++data.test={mnist: {holdout: 1}}").data())
                .containsEntry("test", new Mnist(Mnist.Part.TRAIN, 1));
        refuses(
                "data.tests={mnist: {}}",
                "SET:1:6: no 'tests' in 'data'; to add one, begin with +; did you mean 'test'?");
        refuses(
                "data.tests.mnist.part=test data.tests.mnist.holdout=5",
                "SET:1:6: no 'tests' in 'data'; to add one, begin with +; did you mean 'test'?");
        refuses(
                "+data.test={mnist: {}}",
                "SET:1:7: 'test' is there already, at toy.yaml:8:3; leave out the '+' to change it");
    }

    @Test
    void removesKeysItemsAndSteps() {
        assertThat(train(with("~train.optimise"), 0).optimise())
                .isEqualTo(train(with("train.optimise=adam"), 0).optimise());
        assertThat(with("~data.valid").data()).containsOnlyKeys("train", "test");
        assertThat(repeat(with("~control")).steps()).hasSize(5);
        assertThat(repeat(with("~train ~rewind")).steps()).hasSize(3);
        assertThat(((ToyStep.Evaluate) repeat(with("~evaluate.metrics.sparsity"))
                                .steps()
                                .get(1))
                        .metrics())
                .containsExactly("accuracy");
        refuses("~data.vaild", "SET:1:7: nothing here is called 'vaild'; did you mean 'valid'?");
        refuses("~reapeat", "SET:1:2: nothing here is called 'reapeat'; did you mean 'repeat'?");
    }

    @Test
    void refusesMisspelledPathsAtTheirPlace() {
        refuses("trian.steps=5", "SET:1:1: nothing here is called 'trian'; did you mean 'train'?");
        refuses("repeat.times=4 train.stepz=5", "SET:1:22: unknown key 'stepz' in 'train'; did you mean 'steps'?");
        refuses("seed=4", "SET:1:1: unknown key 'seed' in 'toy-experiment'; did you mean 'seeds'?");
        refuses("report.lines.x=4", "SET:1:8: nothing here is called 'lines'; did you mean 'line'?");
        refuses(
                "control.optimise.sdg.rate=1",
                "SET:1:18: 'optimise' takes a name, or one key with its " + "parameters; found 'sgd' and also 'sdg'");
        refuses("prune.score.wanda.x=1", "SET:1:13: 'magnitude' at toy.yaml:23:20 has no 'wanda' below it");
        refuses("train.steps=many", "SET:1:13: 'steps' takes a whole number; found 'many'");
        refuses("train.steps= 5", "SET:1:14: no '=' in '5'; a value with spaces needs quotes or brackets around it");
        refuses("train..steps=5", "SET:1:7: 'train..steps' is no path; write keys with dots between");
        refuses("train.steps=!!int 5", "SET:1:13: tags are not read: '!!int'; the record says the type");
        refuses("~train.steps=5", "SET:1:13: '~' removes and takes no value");
    }

    @Test
    void splitsAtSpacesOutsideQuotesAndBrackets() {
        assertThat(Setting.parse("a=1  b='x y' c=\"p \\\" q\" d=[1, 2] e={f: 'g h', i: [j, k]} ~l +m.n=it's", "SET"))
                .extracting(s -> s.form() + " "
                        + s.path().stream().map(Node.Scalar::text).toList() + " "
                        + s.value().describe())
                .containsExactly(
                        "SET [a] '1'",
                        "SET [b] \"x y\"",
                        "SET [c] \"p \" q\"",
                        "SET [d] a list of 2",
                        "SET [e] a map of f, i",
                        "REMOVE [l] nothing",
                        "ADD [m, n] 'it's'");
        assertThat(Setting.parse("  ", "SET")).isEmpty();
    }
}
