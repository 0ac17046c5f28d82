/// What Mekiki reports and takes, for Kafka Connect. Depends on the formats of topics as they are
/// documented, and on no other module.
///
/// Start at {@link dev.mekiki.connect.CloudEventsConverter}.
@NullMarked
package dev.mekiki.connect;

import org.jspecify.annotations.NullMarked;
