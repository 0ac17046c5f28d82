/// The API of a query service as Java calls it: typed messages, retries of what may be repeated,
/// errors as exceptions, matches that are followed across interruptions. Depends on `schemas` for
/// the messages, and on no service.
///
/// Start at {@link dev.mekiki.client.MekikiClient}.
@NullMarked
package dev.mekiki.client;

import org.jspecify.annotations.NullMarked;
