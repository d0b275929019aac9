#!/usr/bin/env bash
# Measures training steps on the device that DEVICE names (gpu unless said) beside the CPU; writes reports/bench-gpu.csv.
set -euo pipefail
cd "$(dirname "$0")/../../.."
java=$(framework/bin/find-jdk)/bin/java
results=reports/bench
mkdir -p $results

# shellcheck disable=SC2086
mvn -B -ntp -q ${MAVEN_ARGS:-} test-compile org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -pl framework -am \
    -Dmdep.outputFile="$PWD/$results/classpath.txt" -Dmdep.includeScope=test
"$java" "@$TORNADOVM_HOME/tornado-argfile" \
    -cp "framework/target/test-classes:framework/target/classes:gpu-kernels/target/classes:$(cat $results/classpath.txt)" \
    --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    org.espalier.bench.GpuBenchmark reports/bench-gpu.csv "${DEVICE:-gpu}"
