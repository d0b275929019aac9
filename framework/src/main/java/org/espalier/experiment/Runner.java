package org.espalier.experiment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.Dataset;
import org.espalier.launch.Device;
import org.espalier.models.Model;
import org.espalier.models.pretrained.StreamedModel;
import org.espalier.models.zoo.Pretrained;
import org.espalier.track.DatasetInfo;
import org.espalier.track.RunInfo;
import org.espalier.track.RunStatus;
import org.espalier.track.Tracker;

/**
 * Runs a program: every seed, every stage, with checkpoints, metrics and tracking. Running a finished program again does nothing;
 * running one that was killed goes on where its last checkpoint is.
 *
 * @param home the project's folder
 * @param datasets where data is kept
 * @param reports where runs, cache and the tracking store are
 * @param device what runs the launches
 * @param tracker where runs are recorded besides their own folder
 * @param progress told how it goes
 * @param stop asks for an end
 */
public record Runner(
        Path home, Path datasets, Path reports, Device device, Tracker tracker, Progress progress, Stop stop) {
    /** How a run ended. */
    public enum Outcome {
        /** All stages are done, now or earlier. */
        FINISHED,
        /** It had been finished before; nothing was done. */
        ALREADY_FINISHED,
        /** Another process is at work on it; nothing was done. */
        BUSY,
        /** It was asked to stop, and left a checkpoint. */
        STOPPED
    }

    /** @param owner the process that has the run, if the outcome is BUSY */
    public record Result(Outcome outcome, RunFolder folder, String owner) {}

    /**
     * Runs what is left of a program on the device.
     *
     * @param written the spec as its author wrote it, and the overrides, to be kept with the run
     * @param resume the command that would go on with it
     * @throws RuntimeException whatever made the run fail, after status and checkpoints were written
     */
    public Result run(Program planned, Map<String, String> written, String resume) throws IOException {
        Program program = planned.on(device.arithmetic());
        RunFolder folder = RunFolder.of(reports, program);
        if (folder.finished()) return new Result(Outcome.ALREADY_FINISHED, folder, "");
        if (program.origin().isPresent()) {
            Result origin = run(program.origin().get(), Map.of(), resume);
            if (origin.outcome() == Outcome.BUSY || origin.outcome() == Outcome.STOPPED) return origin;
        }
        Optional<FileChannel> lock = folder.lock();
        if (lock.isEmpty()) return new Result(Outcome.BUSY, folder, folder.owner());
        try (FileChannel held = lock.get()) {
            if (folder.finished()) return new Result(Outcome.ALREADY_FINISHED, folder, "");
            return locked(program, folder, written, resume);
        }
    }

    private Result locked(Program program, RunFolder folder, Map<String, String> written, String resume)
            throws IOException {
        folder.clean();
        StatusFile status = new StatusFile(folder, program, resume);
        for (var file : written.entrySet()) folder.write(file.getKey(), file.getValue());
        folder.write("resolved.yaml", program.experiment().resolved());
        Tracker.Run parent = tracker.start(info(program, folder));
        try {
            RunTokenizer vocabulary = new RunTokenizer(program, reports);
            Parts parts = new Parts(program.experiment().data(), datasets, vocabulary);
            Map<String, Dataset> data = parts.all();
            vocabulary.keep(folder);
            Selecting.check(program.stages(), data);
            Map<String, String> weights = new LinkedHashMap<>();
            folder.writeJson("environment.json", Environment.describe(home, device, data, weights));
            data.forEach((name, part) -> parent.dataset(new DatasetInfo(
                    part.name(),
                    part.digest(),
                    name.equals("train") ? "training" : "evaluation",
                    part.name(),
                    part.size())));
            for (long seed : program.experiment().seeds()) {
                one(program, seed, folder, parts, parent, status);
                weights.putAll(folder.digests(seed));
            }
            folder.writeJson("environment.json", Environment.describe(home, device, data, weights));
            parent.end(RunStatus.FINISHED);
            tracker.flush(); // a finished run is never opened again, so nobody would say it later
            status.end("finished", 0, null);
            return new Result(Outcome.FINISHED, folder, "");
        } catch (Stop.Stopped e) {
            parent.end(RunStatus.KILLED);
            status.end("stopped", stop.exitCode(), null);
            return new Result(Outcome.STOPPED, folder, "");
        } catch (OutOfMemoryError e) {
            MemoryException said = new MemoryException(status.stage(), program.cost(), e);
            parent.end(RunStatus.FAILED);
            status.end("failed", 1, said.getMessage());
            throw said;
        } catch (RuntimeException | IOException | Error e) {
            parent.end(RunStatus.FAILED);
            status.end("failed", 1, e.toString());
            throw e;
        }
    }

    private void one(Program program, long seed, RunFolder folder, Parts parts, Tracker.Run parent, StatusFile status)
            throws IOException {
        if (Files.exists(folder.model(seed))) return;
        Map<String, String> digests = new LinkedHashMap<>();
        for (var part : parts.all().entrySet())
            digests.put(part.getKey(), part.getValue().digest());
        Tracker.Run run = tracker.start(RunInfo.of(
                        RunInfo.id(program.key().digest(), "seed-" + seed),
                        program.experiment().name(),
                        program.experiment().name() + " seed " + seed,
                        folder.path())
                .withParameters(Map.of("seed", Long.toString(seed)))
                .childOf(parent.id()));
        Optional<Pretrained> files = Streaming.of(program.experiment());
        try (StreamedModel streamed = files.isPresent() ? stream(files.get(), program, folder) : null;
                SeedRun seedRun = new SeedRun(
                        program,
                        seed,
                        streamed != null ? streamed.model() : beginning(program, seed),
                        folder,
                        new SeedRun.Surroundings(device, tracker, progress, stop),
                        parts,
                        run,
                        new StepCache(reports.resolve("cache"), program, seed, digests))) {
            seedRun.run(status);
            run.end(RunStatus.FINISHED);
            tracker.flush(); // a seed with a model is never opened again
            if (streamed != null) seedRun.keepModel(streamed);
            else seedRun.keepModel();
        } catch (Stop.Stopped e) {
            run.end(RunStatus.KILLED);
            throw e;
        } catch (RuntimeException | IOException | Error e) {
            run.end(RunStatus.FAILED);
            throw e;
        }
    }

    /** The network with its weights in the files; those that change lie in the run's folder until the seed has come to its end. */
    private static StreamedModel stream(Pretrained files, Program program, RunFolder folder) throws IOException {
        return files.streamed(program.places(), program.shape().dimensions(), folder.path());
    }

    /** The network as a seed starts with it. */
    private Model beginning(Program program, long seed) throws IOException {
        Model model = program.fresh(seed);
        if (program.origin().isPresent()) {
            RunFolder origin = RunFolder.of(reports, program.origin().get());
            FinishedRun.load(origin, program.originSeed(seed), model);
        }
        return model;
    }

    private static RunInfo info(Program program, RunFolder folder) {
        Experiment experiment = program.experiment();
        return RunInfo.of(
                        RunInfo.id(program.key().digest()),
                        experiment.name(),
                        experiment.name() + " " + program.key(),
                        folder.path())
                .withParameters(Parameters.of(experiment))
                .withTag(RunInfo.NOTE, "Espalier run `" + program.key() + "` of `" + experiment.name() + "`");
    }
}
