package dev.mekiki.hashing.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Very many small worlds ({@link GroupWorld}) in which images come, change and go, events report
/// pairs at any time, and partitions are killed. In each of them: the groups are those of the
/// oracle, what was published last are these groups, each pair that has ended is retracted once and
/// no other, and after a while nothing is kept of what is gone.
///
/// `-Dmekiki.worlds=N` sets how many worlds there are.
class GroupWorldTest {
  private static final long SEED = Seeds.seed(GroupWorldTest.class);
  private static final int WORLDS = Integer.getInteger("mekiki.worlds", 20_000);

  /// Worlds within which a fault must show.
  private static final int WORLDS_OF_A_FAULT = 20_000;

  private static final int MAX_STEPS = 400;

  @Test
  void groupsAndRetractionsAreThoseOfTheOracle() {
    long groups = 0;
    long members = 0;
    long retracted = 0;
    long kills = 0;
    long messages = 0;
    for (int number = 0; number < WORLDS; number++) {
      GroupWorld world = new GroupWorld(Seeds.random(SEED, number), Fault.NONE);
      world.run(1 + world.random.nextInt(MAX_STEPS));
      assertThat(world.defects()).as("world %d", number).isEmpty();
      world.forget();
      assertThat(world.defects()).as("world %d, later", number).isEmpty();
      assertThat(world.remains()).as("world %d", number).isEmpty();
      groups += world.groups().size();
      members += world.groups().values().stream().mapToInt(all -> all.size()).sum();
      retracted += world.retracted.size();
      kills += world.kills;
      messages += world.messages;
    }
    System.out.printf(
        "group worlds: worlds=%d groups=%d members=%d retracted=%d kills=%d messages=%d%n",
        WORLDS, groups, members, retracted, kills, messages);
    // Worlds in which nothing happens would prove nothing.
    assertThat(groups).isGreaterThan(WORLDS / 2);
    assertThat(members).isGreaterThan(2 * groups);
    assertThat(retracted).isGreaterThan(WORLDS);
    assertThat(kills).isGreaterThan(WORLDS);
    assertThat(messages).isGreaterThan(10L * WORLDS);
  }

  /// A test that no fault can fail would prove nothing.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyFaultShows(Fault fault) {
    int number = 0;
    while (number < WORLDS_OF_A_FAULT && !shows(fault, number)) {
      number++;
    }
    System.out.printf("fault=%s worlds=%d%n", fault, number);
    assertThat(number).isLessThan(WORLDS_OF_A_FAULT);
  }

  private static boolean shows(Fault fault, int number) {
    GroupWorld world = new GroupWorld(Seeds.random(SEED, number), fault);
    try {
      world.run(MAX_STEPS);
      return !world.defects().isEmpty();
    } catch (IllegalStateException | NoSuchElementException e) {
      return true;
    }
  }
}
