/// Makes the OpenAPI document of `/v1` from the descriptors of the protobuf services, from the
/// table of roles, and from what HTTP adds to them. Start at {@link
/// dev.mekiki.query.openapi.OpenApiGenerator}.
@NullMarked
package dev.mekiki.query.openapi;

import org.jspecify.annotations.NullMarked;
