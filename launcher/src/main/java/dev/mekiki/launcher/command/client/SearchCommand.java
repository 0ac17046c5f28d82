package dev.mekiki.launcher.command.client;

import com.google.protobuf.ByteString;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.CopyHit;
import dev.mekiki.schemas.v1.CopySearch;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SearchStatistics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "search",
    description = "Find the indexed images nearest to an image, exactly.",
    footer = {
      "",
      "Where copies are looked for (mekiki.match.copies=on), those of an image are printed first.",
      "Ends with 1 where nothing was found, with 3 where partitions were missing.",
      "",
      "Examples:",
      "  mekiki search holiday.jpg",
      "  mekiki search --id shop/4711.jpg --radius 8 --json",
      "  mekiki search holiday.jpg --filter shelf=12",
      "  mekiki search holiday.jpg --tenant shop"
    })
public final class SearchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Query query;

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  private @Nullable Reach reach;

  @Option(
      names = "--require-complete",
      description = "Fail where partitions are missing, rather than print a partial answer.")
  private boolean requireComplete;

  @Option(
      names = "--filter",
      paramLabel = "KEY=VALUE",
      description = {
        "Only images with this metadata; may be given several times.",
        "Keys are those of mekiki.index.filterable-metadata."
      })
  private Map<String, String> filter = new HashMap<>();

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = {
        "Only images of this tenant, '' for the default one (default: those of the tenant that the",
        "token is bound to, else everybody's)."
      })
  private @Nullable String tenant;

  @Option(
      names = "--no-copies",
      description = "Do not look for crops, turned and other copies of an image by landmarks.")
  private boolean noCopies;

  @Override
  public Integer call() throws IOException {
    SearchRequest.Builder request =
        SearchRequest.newBuilder().setRequireComplete(requireComplete).putAllFilter(filter);
    query.fill(request);
    if (tenant != null) {
      request.setTenant(tenant);
    }
    if (noCopies) {
      request.setCopies(false);
    }
    if (reach != null) {
      reach.fill(request);
    }
    SearchResponse response;
    try (MekikiClient client = server.connect()) {
      response = client.search(request.build());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isSet()) {
      out.println(JsonOption.of(response));
    } else {
      print(response, out);
    }
    out.flush();
    if (!response.getComplete()) {
      return ExitCode.PARTIAL;
    }
    return isEmpty(response) ? ExitCode.FAILED : ExitCode.OK;
  }

  private static boolean isEmpty(SearchResponse response) {
    return response.getHitsCount() + response.getCopiesCount() + response.getSharedElementsCount()
        == 0;
  }

  private static void print(SearchResponse response, PrintWriter out) {
    printCopies(response, out);
    if (isEmpty(response)) {
      out.println("nothing found");
    } else if (response.getHitsCount() > 0) {
      Table table = new Table().row("DISTANCE", "FINGERPRINT", "IMAGE");
      for (SearchHit hit : response.getHitsList()) {
        table.row(
            hit.getCodeDistance(),
            hit.hasFingerprintDistance() ? hit.getFingerprintDistance() : "-",
            hit.getImageId());
      }
      table.print(out);
    }
    if (response.getMissingPartitionsCount() > 0) {
      out.printf("partial: partitions %s are missing%n", response.getMissingPartitionsList());
    }
    CopySearch copies = response.getCopySearch();
    if (response.hasCopySearch() && !copies.getComplete()) {
      out.printf("partial: copies may be missing: %s%n", copies.getReason());
    }
    if (copies.getLeftOut() > 0) {
      out.printf("%d images that share fewer landmarks were not compared%n", copies.getLeftOut());
    }
    if (response.getTruncated()) {
      out.println("more were found than the service returns at once");
    }
    SearchStatistics touched = response.getStatistics();
    out.printf(
        "touched: %d partitions, %d buckets, %d shells, %d codes%n",
        touched.getPartitions(), touched.getBuckets(), touched.getShells(), touched.getCodes());
  }

  private static void printCopies(SearchResponse response, PrintWriter out) {
    if (response.getCopiesCount() + response.getSharedElementsCount() == 0) {
      return;
    }
    Table table = new Table().row("COPY", "IMAGE", "WHY");
    for (List<CopyHit> hits : List.of(response.getCopiesList(), response.getSharedElementsList())) {
      for (CopyHit hit : hits) {
        table.row(hit.getKind(), hit.getImageId(), hit.getExplanation());
      }
    }
    table.print(out);
    out.println();
  }

  static final class Query {
    @Parameters(
        paramLabel = "IMAGE",
        description = "A JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC file.")
    private @Nullable Path image;

    @Option(names = "--id", paramLabel = "ID", description = "An indexed image.")
    private @Nullable String id;

    @Option(names = "--code", paramLabel = "HEX", description = "A hash code in hexadecimal.")
    private @Nullable String code;

    private void fill(SearchRequest.Builder request) throws IOException {
      if (image != null) {
        request.setImage(ByteString.copyFrom(Files.readAllBytes(image)));
      } else if (id != null) {
        request.setId(id);
      } else if (code != null) {
        request.setCode(code);
      }
    }
  }

  static final class Reach {
    @Option(names = "--k", paramLabel = "N", description = "The N nearest images (default: 10).")
    private @Nullable Integer k;

    @Option(
        names = "--radius",
        paramLabel = "R",
        description = "All images within code distance R instead.")
    private @Nullable Integer radius;

    private void fill(SearchRequest.Builder request) {
      if (k != null) {
        request.setK(k);
      }
      if (radius != null) {
        request.setRadius(radius);
      }
    }
  }
}
