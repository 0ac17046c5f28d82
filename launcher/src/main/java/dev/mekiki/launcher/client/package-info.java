/// The command line's view of a running Mekiki: its public gRPC API at one address. Depends on
/// `schemas` and on how callers show a token, nothing else, so that every command that uses it is
/// also a test of the API.
///
/// Start at {@link dev.mekiki.launcher.client.MekikiClient}.
@NullMarked
package dev.mekiki.launcher.client;

import org.jspecify.annotations.NullMarked;
