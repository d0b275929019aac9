package org.espalier.spec.toy;

import org.espalier.spec.Family;

@Family("spec.toy.source")
public interface ToySource {}
