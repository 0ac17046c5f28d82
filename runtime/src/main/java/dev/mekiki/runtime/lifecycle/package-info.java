/// How a service starts, becomes ready and ends. Depends on nothing of ours but {@link
/// dev.mekiki.runtime.StartException}.
///
/// Start at {@link dev.mekiki.runtime.lifecycle.RunningService}, the contract that the services
/// share; {@link dev.mekiki.runtime.lifecycle.ReverseCloser} closes what a start has made.
@NullMarked
package dev.mekiki.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
