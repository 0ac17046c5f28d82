package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;

/// A service that answers without a token where its server needs one: it returns only what everyone
/// may know, such as a file of the page. Thread-safe where the service is.
public final class OpenService extends SimpleDecoratingHttpService {
  /// Opens a service.
  public OpenService(HttpService service) {
    super(service);
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) throws Exception {
    return unwrap().serve(context, request);
  }
}
