/// Kernels: Hamming distances of a query to many packed codes, in vectors where the machine has
/// them. Depends on the JDK alone, the incubating vector module included; without that module the
/// scalar kernel is used.
///
/// Start at {@link dev.mekiki.hashing.scan.HammingKernel}.
@NullMarked
package dev.mekiki.hashing.scan;

import org.jspecify.annotations.NullMarked;
