/// Tests of the checks of requests.
@NullMarked
package dev.mekiki.query.api;

import org.jspecify.annotations.NullMarked;
