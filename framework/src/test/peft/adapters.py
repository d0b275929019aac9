"""Loads or makes adapters with peft over a model that transformers loads.

adapters.py load MODEL ADAPTER LOGITS          logits of the model with an adapter that was written elsewhere
adapters.py make MODEL KIND FOLDER             an adapter of peft's own making, in FOLDER/adapter, its logits in FOLDER/logits.safetensors
"""

import sys
import warnings

import torch
from peft import AdaLoraConfig, LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict, load_peft_weights
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
torch.set_num_threads(1)
torch.manual_seed(1)
ids = torch.arange(30).reshape(2, 15) % 97


def base(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def logits(model, file):
    model.eval()
    with torch.no_grad():
        save_file({"input_ids": ids.int(), "logits": model(input_ids=ids).logits.contiguous()}, file)


def load(folder, adapter, file):
    """Fails on keys that are missing or unexpected, which peft only warns about."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=FutureWarning)
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", message="The following rank_pattern keys")  # so it does of its own AdaLoRA files
        model = PeftModel.from_pretrained(base(folder), adapter)
    held = get_peft_model_state_dict(model)
    given = load_peft_weights(adapter)
    if held.keys() != given.keys():
        sys.exit(f"missing {held.keys() - given.keys()}, unexpected {given.keys() - held.keys()}")
    changed = [name for name in given if not torch.equal(held[name], given[name])]
    if changed:
        sys.exit(f"not taken over as they are: {changed}")
    print(f"{len(held)} tensors")
    logits(model, file)


def config(kind, targets):
    if kind == "adalora":
        return AdaLoraConfig(
            task_type="CAUSAL_LM", target_modules=targets, init_r=5, target_r=2, tinit=1, tfinal=3, deltaT=2,
            total_step=10, lora_alpha=12)
    return LoraConfig(
        r=4, lora_alpha=8, target_modules=targets, use_rslora=kind == "rslora", use_dora=kind == "dora",
        rank_pattern={"layers.1.mlp.up_proj": 2} if kind == "pattern" else {},
        alpha_pattern={"down_proj": 3} if kind == "pattern" else {})


def make(folder, kind, to):
    model = base(folder)
    targets = ["c_attn", "c_fc"] if model.config.model_type == "gpt2" else LINEAR
    model = get_peft_model(model, config(kind.removeprefix("half-"), targets))
    for name, parameter in model.named_parameters():
        if parameter.requires_grad and ("lora_B" in name or "lora_E" in name):
            torch.nn.init.normal_(parameter, std=0.1)
    optimiser = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.05)
    for step in range(1, 11):
        optimiser.zero_grad()
        model(input_ids=ids, labels=ids).loss.backward()
        optimiser.step()
        if kind == "adalora":
            model.base_model.update_and_allocate(step)
    if kind.startswith("half-"):
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if "lora_" in name:
                    parameter.copy_(parameter.bfloat16())  # what the file's numbers become
        logits(model, f"{to}/logits.safetensors")
        model.to(torch.bfloat16).save_pretrained(f"{to}/adapter")
        return
    logits(model, f"{to}/logits.safetensors")
    model.save_pretrained(f"{to}/adapter")


{"load": load, "make": make}[sys.argv[1]](*sys.argv[2:])
