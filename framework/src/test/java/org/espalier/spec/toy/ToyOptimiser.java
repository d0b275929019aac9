package org.espalier.spec.toy;

import org.espalier.spec.Family;

@Family("spec.toy.optimise")
public interface ToyOptimiser {}
