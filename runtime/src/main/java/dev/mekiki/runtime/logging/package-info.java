/// What a service logs of an outage: one line when it begins, one when it ends. Depends on
/// `schemas.text` and Logback.
///
/// Start at {@link dev.mekiki.runtime.logging.OutageFilter}, which the product's Logback
/// configuration names.
@NullMarked
package dev.mekiki.runtime.logging;

import org.jspecify.annotations.NullMarked;
