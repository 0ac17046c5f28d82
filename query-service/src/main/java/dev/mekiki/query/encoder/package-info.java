/// Calls to encoder-service for the codes of a query image, and for how it lies over others.
/// Depends on the generated messages of `schemas` and on Armeria's client.
///
/// Start at {@link dev.mekiki.query.encoder.Encoders}.
@NullMarked
package dev.mekiki.query.encoder;

import org.jspecify.annotations.NullMarked;
