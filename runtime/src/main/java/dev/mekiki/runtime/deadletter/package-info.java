/// The dead letters on `images.dlq`: reading them without holding images, sending them to `images`
/// again, and hiding them for good. Depends on `runtime.kafka` and `schemas`.
///
/// Start at {@link dev.mekiki.runtime.deadletter.DeadLetterReader}; what a retry must not do is in
/// {@link dev.mekiki.runtime.deadletter.DeadLetterRetry}.
@NullMarked
package dev.mekiki.runtime.deadletter;

import org.jspecify.annotations.NullMarked;
