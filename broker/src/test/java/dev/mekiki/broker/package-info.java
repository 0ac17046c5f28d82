/// Tests of the embedded broker with real clients.
@NullMarked
package dev.mekiki.broker;

import org.jspecify.annotations.NullMarked;
