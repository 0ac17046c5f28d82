@NullMarked
package dev.mekiki.launcher.doctor;

import org.jspecify.annotations.NullMarked;
