/// Tests.
@NullMarked
package dev.mekiki.schemas.topic;

import org.jspecify.annotations.NullMarked;
