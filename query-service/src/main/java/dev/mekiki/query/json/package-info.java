/// Messages of the API and of the topic `matches` as JSON. Depends on protobuf's JSON and on
/// Armeria's marshaller alone.
///
/// Start at {@link dev.mekiki.query.json.Json}.
@NullMarked
package dev.mekiki.query.json;

import org.jspecify.annotations.NullMarked;
