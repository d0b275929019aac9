# Espalier's front door: "make help" lists what there is. Everything runs on JDK 25, wherever Maven itself may run.

JAVA_HOME := $(shell framework/bin/find-jdk)
export JAVA_HOME
export MAVEN_OPTS := --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow $(MAVEN_OPTS)

MAVEN    := mvn -B -ntp $(MAVEN_ARGS)
ESPALIER := framework/bin/espalier
JAR      := framework/target/espalier.jar
CACHE    := framework/target/espalier.aot
SOURCES  := pom.xml gpu-kernels/pom.xml framework/pom.xml $(shell find gpu-kernels framework -path '*/src/main/*' -type f)
FORKED   := -Dsurefire.failIfNoSpecifiedTests=false

# Jazzer runs one test a process, keeps what it finds and learns below target/, and takes a test's time limit for that of one input.
FUZZING  := -DJAZZER_FUZZ=1 -Djazzer.internal.basedir=target/fuzz -Djunit.jupiter.execution.timeout.mode=disabled \
    -Djazzer.internal.arg.0=jazzer -Djazzer.internal.arg.1=-verbosity=0 -Djazzer.internal.arg.2=-print_final_stats=1 \
    -XX:+EnableDynamicAgentLoading

# What "make run" and "make show" pass on.
ARGUMENTS = $(EXP) $(if $(MODEL),'model={pretrained: $(MODEL)}') $(SET) $(if $(SEED),--seed $(SEED)) $(if $(DEVICE),--device $(DEVICE))

.PHONY: help build run show list test soak fuzz test-mlflow test-peft test-gpu golden bench bench-gpu format clean
.DEFAULT_GOAL := build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | column -t -s '|'

build: $(JAR) $(CACHE) ## compile and package (what the other commands do first when something changed)

run: build ## EXP=spec.yaml [SET="a.b=1 +c.d=2"] [SEED=3] [DEVICE=gpu] [MODEL=gemma-3-270m]: run a spec, or say it is done
	@$(ESPALIER) run $(call named,EXP)

show: build ## EXP=spec.yaml [SET=…]: the resolved spec and its plan, without running it
	@$(ESPALIER) show $(call named,EXP)

list: build ## every method a spec can name
	@$(ESPALIER) list

test: jdk ## format check, build, and every test but the large ones
	$(MAVEN) spotless:check package

soak: jdk ## the large tests: kills, faults, mutations, hostile files, outages; then fuzz
	$(MAVEN) package '-Dgroups=soak | reliability' -DexcludedGroups=
	@$(MAKE) --no-print-directory fuzz

fuzz: jdk ## [FUZZ=GgufFuzzTest]: for a minute each, readers of files on what Jazzer makes to reach all their branches
	$(MAVEN) test -pl framework -am $(FORKED) -Dgroups=jazzer -DexcludedGroups= -DreuseForks=false \
	    '-Dtest=$(or $(FUZZ),*FuzzTest)' '-Dtest.jvm=$(FUZZING)'

test-mlflow: build ## against a real MLflow server, in a throw-away Python environment
	framework/src/test/mlflow/run.sh

test-peft: build ## adapters against the real peft, in a throw-away Python environment
	framework/src/test/peft/run.sh

test-gpu: jdk ## every kernel and whole steps on a GPU beside the CPU; needs TORNADOVM_HOME
	@$(call sdk,tested)
	$(MAVEN) test -pl framework -am $(FORKED) -Dgroups=gpu -DexcludedGroups= -Dtest.jvm=@$(TORNADOVM_HOME)/tornado-argfile

golden: jdk ## GOLDEN=folder: the golden tests on another folder of the same shape
	$(if $(GOLDEN),,$(error say which folder: make golden GOLDEN=DIR))
	$(MAVEN) test -pl framework -am $(FORKED) -Dtest='*Golden*' -Despalier.golden=$(abspath $(GOLDEN))

bench: build ## speed beside PyTorch's, measured in one run: a table, and reports/bench.csv
	framework/src/bench/run.sh

bench-gpu: jdk ## [DEVICE=gpu:1]: steps and kernels on a GPU beside the CPU, and reports/bench-gpu.csv; needs TORNADOVM_HOME
	@$(call sdk,measured)
	@DEVICE=$(DEVICE) MAVEN_ARGS="$(MAVEN_ARGS)" framework/src/bench/gpu.sh

format: jdk ## put every Java file into its one form
	$(MAVEN) -q spotless:apply

clean: ## remove what was built (never data or results)
	rm -rf target gpu-kernels/target framework/target

$(JAR): $(SOURCES) | jdk
	@echo "building (a minute the first time)" >&2
	@$(MAVEN) -q package -Dmaven.test.skip=true
	@touch $@

# The JDK's ahead-of-time cache: classes come loaded and linked. Without one the launcher is slower and otherwise the same.
$(CACHE): $(JAR)
	@ESPALIER_JAVA_OPTS="-XX:AOTCacheOutput=$@ -Xlog:aot=off -Xlog:cds=off" $(ESPALIER) show lottery_ticket >/dev/null 2>&1 || true
	@touch $@

.PHONY: jdk
jdk:
	@[ -n "$(JAVA_HOME)" ] || exit 1

sdk = [ -f "$(TORNADOVM_HOME)/tornado-argfile" ] || { \
    echo "$@: skipped, nothing was $1: set TORNADOVM_HOME to an SDK of TornadoVM for JDK 25" >&2; exit 1; }

named = $(if $($1),$(ARGUMENTS),$(error say which experiment: make $@ EXP=lottery_ticket.yaml))
