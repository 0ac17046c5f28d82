/// Whether an installation and the machine under it are as they should be: findings, each with its
/// remedy. Nothing is changed.
///
/// Start at {@link dev.mekiki.launcher.doctor.Doctor}.
@NullMarked
package dev.mekiki.launcher.doctor;

import org.jspecify.annotations.NullMarked;
