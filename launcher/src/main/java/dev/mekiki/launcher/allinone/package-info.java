/// Every service in one process, on an embedded broker or on a given Kafka. Depends on the services
/// and on `process`.
///
/// Start at {@link dev.mekiki.launcher.allinone.AllInOne}.
@NullMarked
package dev.mekiki.launcher.allinone;

import org.jspecify.annotations.NullMarked;
