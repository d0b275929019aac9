"""Prints as JSON what MLflow's own client finds in a tracking store: read_store.py URI"""

import json
import logging
import sys

import mlflow

logging.disable(logging.CRITICAL)
mlflow.set_tracking_uri(sys.argv[1])
client = mlflow.MlflowClient()


def artifacts(run_id, path=None):
    for item in client.list_artifacts(run_id, path):
        if item.is_dir:
            yield from artifacts(run_id, item.path)
        else:
            yield item.path


def history(run, key):
    return [[m.step, repr(m.value), m.timestamp] for m in client.get_metric_history(run.info.run_id, key)]


def dataset(entry):
    tags = {t.key: t.value for t in entry.tags}
    return [entry.dataset.name, entry.dataset.digest, tags.get("mlflow.data.context")]


found = []
for experiment in client.search_experiments():
    for run in client.search_runs([experiment.experiment_id], max_results=1000):
        found.append(
            {
                "experiment": experiment.name,
                "id": run.info.run_id,
                "name": run.info.run_name,
                "status": run.info.status,
                "parameters": run.data.params,
                "tags": run.data.tags,
                "latest": {key: repr(value) for key, value in run.data.metrics.items()},
                "metrics": {key: sorted(history(run, key)) for key in run.data.metrics},
                "datasets": sorted(dataset(entry) for entry in run.inputs.dataset_inputs),
                "artifacts": sorted(artifacts(run.info.run_id)),
            }
        )
print(json.dumps({"version": mlflow.__version__, "runs": found}))
