package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.benchmarks.duplicates.DuplicatesReport.FamilyResult;
import dev.mekiki.benchmarks.report.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Counts what is found of copies, by what their originals are like. Mutable.
final class FamilyTable {
  private final Map<String, Family> families = new LinkedHashMap<>();

  private static final class Family {
    int images;
    int copies;
    int found;
    final Map<Edit, Integer> foundOfEdit = new LinkedHashMap<>();
  }

  /// @param families of all originals
  FamilyTable(List<String> families) {
    families.forEach(name -> family(name).images++);
  }

  private Family family(String name) {
    return families.computeIfAbsent(name, _ -> new Family());
  }

  void add(String name, Edit edit, boolean isFound) {
    Family family = family(name);
    family.copies++;
    family.found += isFound ? 1 : 0;
    int _ = family.foundOfEdit.merge(edit, isFound ? 1 : 0, Integer::sum);
  }

  List<FamilyResult> results() {
    List<FamilyResult> results = new ArrayList<>();
    families.forEach((name, family) ->
        results.add(
            new FamilyResult(
                name,
                family.images,
                Figures.rounded((double) family.found / Math.max(1, family.copies)),
                missed(family))));
    return results;
  }

  private static List<String> missed(Family family) {
    List<String> missed = new ArrayList<>();
    family.foundOfEdit.forEach((edit, found) -> {
      double recall = (double) found / family.images;
      if (recall < edit.required()) {
        missed.add(String.format(Locale.ROOT, "%s %.3f", edit.name(), recall));
      }
    });
    return missed;
  }
}
