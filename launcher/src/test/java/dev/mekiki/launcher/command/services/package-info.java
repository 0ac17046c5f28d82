/// Tests of how services are started.
@NullMarked
package dev.mekiki.launcher.command.services;

import org.jspecify.annotations.NullMarked;
