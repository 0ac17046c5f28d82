/// Kafka serializers for the protobuf records. Depends on nothing of ours.
///
/// Start at {@link dev.mekiki.schemas.serde.ProtobufSerde}.
@NullMarked
package dev.mekiki.schemas.serde;

import org.jspecify.annotations.NullMarked;
