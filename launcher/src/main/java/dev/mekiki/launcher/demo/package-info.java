/// The demo: sends a sample set to a running Mekiki through Kafka, reads the matches as any
/// consumer would, and holds what was found against what is known. Depends on `samples`, `client`
/// and `center`.
///
/// Start at {@link dev.mekiki.launcher.demo.Demo}.
@NullMarked
package dev.mekiki.launcher.demo;

import org.jspecify.annotations.NullMarked;
