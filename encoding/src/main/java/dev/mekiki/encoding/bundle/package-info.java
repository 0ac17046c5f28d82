/// The model bundle: one zip file that holds a trained network, its preprocessing and its center
/// table, with a manifest that says how it was made. Reading verifies sizes, SHA-256 and shapes and
/// runs no code from the file. Depends on `preprocess` for the preprocessing options and on
/// `hashing.center`.
///
/// Start at {@link dev.mekiki.encoding.bundle.Bundle}.
@NullMarked
package dev.mekiki.encoding.bundle;

import org.jspecify.annotations.NullMarked;
