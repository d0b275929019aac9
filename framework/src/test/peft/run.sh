#!/usr/bin/env bash
# Tests adapters against the real peft, installed into a throw-away virtual environment below framework/target: what ours
# writes, peft loads with equal logits, and the other way round. Without Python or pip the tests are skipped, and a line says so.
#
#   PEFT="peft==0.18.0" framework/src/test/peft/run.sh       another version than the newest
#   PEFT_PYTHON=/some/venv/bin/python framework/src/test/peft/run.sh       an environment that has peft, torch and transformers
#
# On Linux pip takes PyTorch with CUDA by default: 5.6 GB in all, 4 of which nothing here uses. An index of PyTorch's own with builds
# for CPUs, given to pip by PIP_EXTRA_INDEX_URL, should spare them.
set -euo pipefail
cd "$(dirname "$0")/../../../.."

PEFT=${PEFT:-peft}
MAVEN=${MAVEN:-mvn -q -B}
PYTHON=${PYTHON:-python3}
ENVIRONMENT=$PWD/framework/target/peft-venv/$(echo "$PEFT" | tr -c 'A-Za-z0-9.\n' '-')

skip() {
    echo "peft tests skipped: $1"
    exit 0
}

if [ -z "${PEFT_PYTHON:-}" ]; then
    command -v "$PYTHON" >/dev/null || skip "there is no $PYTHON here"
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || skip "$PYTHON is older than 3.10"
    if [ ! -e "$ENVIRONMENT/ready" ]; then
        rm -rf "$ENVIRONMENT"
        "$PYTHON" -m venv "$ENVIRONMENT" || skip "$PYTHON cannot make virtual environments"
        echo "Installing $PEFT with torch and transformers, several gigabytes, into $ENVIRONMENT"
        "$ENVIRONMENT/bin/pip" install --quiet --disable-pip-version-check torch transformers "$PEFT" ||
            skip "pip could not install $PEFT"
        touch "$ENVIRONMENT/ready"
    fi
    PEFT_PYTHON=$ENVIRONMENT/bin/python
fi
$MAVEN test -pl framework -am -Dgroups=peft -DexcludedGroups= -Dsurefire.failIfNoSpecifiedTests=false \
    -Dpeft.python="$PEFT_PYTHON"
"$PEFT_PYTHON" -c 'import peft, torch, transformers as t; print(f"peft {peft.__version__}, torch {torch.__version__}, transformers {t.__version__}")'
grep -h "^Tests run" framework/target/surefire-reports/*.PeftTest.txt
