/// What the encoder writes to Kafka: codes, tombstones and dead letters, in one transaction with
/// the offsets that they stand for. The stream depends on it.
///
/// Start at {@link dev.mekiki.encoder.commit.CodeWriter}.
@NullMarked
package dev.mekiki.encoder.commit;

import org.jspecify.annotations.NullMarked;
