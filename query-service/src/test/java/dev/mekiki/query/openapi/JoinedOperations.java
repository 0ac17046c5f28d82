package dev.mekiki.query.openapi;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Two operations of one method and path, of which the parameters choose one.
final class JoinedOperations {
  private static final String JSON = "application/json";

  private JoinedOperations() {}

  /// The first with what the second adds: parameters, errors, and its answer as another one.
  static Operation of(Operation first, Operation second) {
    first.setSummary(first.getSummary() + "; or: " + second.getSummary());
    first.setDescription(first.getDescription() + " Or: " + second.getDescription());
    List<Parameter> parameters = new ArrayList<>(first.getParameters());
    for (Parameter added : second.getParameters()) {
      if (parameters.stream().noneMatch(one -> one.getName().equals(added.getName()))) {
        parameters.add(added);
      }
    }
    first.setParameters(parameters);
    MediaType answer = answer(first);
    Schema<Object> either = new JsonSchema();
    either.addOneOfItem(answer.getSchema());
    either.addOneOfItem(answer(second).getSchema());
    answer.setSchema(either);
    ApiResponses all = new ApiResponses();
    all.putAll(second.getResponses());
    all.putAll(first.getResponses());
    ApiResponses ordered = new ApiResponses();
    all.keySet().stream().sorted().forEach(status -> ordered.put(status, all.get(status)));
    first.setResponses(ordered);
    return first;
  }

  private static MediaType answer(Operation operation) {
    return Objects.requireNonNull(
        Objects.requireNonNull(operation.getResponses().get("200")).getContent().get(JSON));
  }
}
