/// How the command line calls a query service: the client with what the user shows, and files that
/// are sent. Every command that uses it is also a test of the client.
///
/// Start at {@link dev.mekiki.launcher.client.Clients}.
@NullMarked
package dev.mekiki.launcher.client;

import org.jspecify.annotations.NullMarked;
