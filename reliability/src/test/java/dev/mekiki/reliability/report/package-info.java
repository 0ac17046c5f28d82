/// Tests of `report`.
@NullMarked
package dev.mekiki.reliability.report;

import org.jspecify.annotations.NullMarked;
