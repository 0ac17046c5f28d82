package dev.mekiki.hashing.scan;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Picks the kernel, once.
final class KernelChoice {
  private static final String PROPERTY = "mekiki.kernel";

  static final HammingKernel CHOSEN = choose();

  private KernelChoice() {}

  private static HammingKernel choose() {
    Logger log = System.getLogger(HammingKernel.class.getName());
    String forced = System.getProperty(PROPERTY, "");
    boolean hasVectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    HammingKernel kernel =
        switch (forced) {
          case "scalar" -> new ScalarKernel();
          case "vector" -> new VectorKernel();
          case "" -> hasVectors ? WarmingKernel.start() : new ScalarKernel();
          default ->
              throw new IllegalArgumentException(
                  "%s: '%s' (expected: vector or scalar)".formatted(PROPERTY, forced));
        };
    log.log(Level.DEBUG, "kernel chosen. kernel={0}", kernel.description());
    return kernel;
  }
}
