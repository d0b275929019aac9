#!/usr/bin/env bash
# Measures Espalier with JMH and, where they can be installed, its peers in a throw-away environment, one after the other on the
# same machine; prints the ratios and writes reports/bench.csv. PEERS=no leaves the peers out, BENCH=regex picks benchmarks.
set -euo pipefail
cd "$(dirname "$0")/../../.."
java=$(framework/bin/find-jdk)/bin/java
results=reports/bench
environment=.venv/bench
mkdir -p $results

peers() {
    [ "${PEERS:-yes}" = yes ] || { echo "left out (PEERS=$PEERS)"; return 1; }
    command -v python3 >/dev/null || { echo "there is no python3"; return 1; }
    if [ ! -e $environment/ready-3 ]; then
        echo "installing PyTorch, NumPy, transformers, peft and data-selection into $environment" >&2
        { python3 -m venv $environment && $environment/bin/pip install --quiet torch numpy transformers gguf peft \
            data-selection==1.0.3 'nltk<3.10' && touch $environment/ready-3; } \
            >$results/pip.log 2>&1 || { echo "they could not be installed, see $results/pip.log"; return 1; }
    fi
}

framework/bin/espalier data fetch mnist >&2
mvn -B -ntp -q test-compile org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -pl framework -am \
    -Dmdep.outputFile="$PWD/$results/classpath.txt" -Dmdep.includeScope=test
"$java" -cp "framework/target/test-classes:framework/target/classes:gpu-kernels/target/classes:$(cat $results/classpath.txt)" \
    --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -XX:+UseSerialGC -XX:PretenureSizeThreshold=1m org.openjdk.jmh.Main "${BENCH:-org.espalier.bench}" -rf json -rff $results/ours.json -o $results/jmh.log

if reason=$(peers); then
    TQDM_DISABLE=1 $environment/bin/python framework/src/bench/peer.py >$results/peer.jsonl
else
    echo "peers skipped: $reason" >&2
    : >$results/peer.jsonl
fi
"$java" -cp "framework/target/test-classes:$(cat $results/classpath.txt)" org.espalier.bench.BenchTable \
    $results/ours.json $results/peer.jsonl reports/bench.csv
