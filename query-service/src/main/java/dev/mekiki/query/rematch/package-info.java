/// Applies what is decided now to images that are stored: a job at a time, run by one of the query
/// services, with its requests and its progress on the topic `rematch`. Depends on `query.cluster`,
/// `query.policy`, `query.images`, `runtime`, `schemas` and `hashing`.
///
/// Start at {@link dev.mekiki.query.rematch.RematchJob}.
@NullMarked
package dev.mekiki.query.rematch;

import org.jspecify.annotations.NullMarked;
