/// Holds the .proto files to what was published of them before.
@NullMarked
package dev.mekiki.schemas.compatibility;

import org.jspecify.annotations.NullMarked;
