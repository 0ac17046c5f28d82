/// The commands that talk to a running query service: `ingest`, `search`, `compare`, `matches`,
/// `delete`, `status`, `open`, and `doctor`, which looks at Kafka and the machine, too. May use
/// `command.options`.
///
/// Start at {@link dev.mekiki.launcher.command.client.SearchCommand}.
@NullMarked
package dev.mekiki.launcher.command.client;

import org.jspecify.annotations.NullMarked;
