// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** What stands behind {@link Memcached}. */
final class AnnotatedMemcached implements BeforeAllCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(AnnotatedMemcached.class);

  AnnotatedMemcached() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    // A nested class without the annotation finds what the class around it has stored.
    AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Memcached.class)
        .ifPresent(
            annotation ->
                context.getStore(NAMESPACE).put(MemcachedCluster.class, start(annotation)));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return ClusterParameter.isSupported(parameter.getParameter());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    MemcachedCluster cluster =
        context.getStore(NAMESPACE).get(MemcachedCluster.class, MemcachedCluster.class);
    return ClusterParameter.resolve(parameter.getParameter(), cluster);
  }

  private static MemcachedCluster start(Memcached annotation) {
    MemcachedCluster.Builder builder =
        MemcachedCluster.builder().servers(annotation.servers()).option(annotation.options());
    if (annotation.memoryMegabytes() != 0) {
      builder.memoryMegabytes(annotation.memoryMegabytes());
    }
    if (!annotation.maxItemSize().isEmpty()) {
      builder.maxItemSize(annotation.maxItemSize());
    }
    if (annotation.threads() != 0) {
      builder.threads(annotation.threads());
    }
    if (annotation.tls()) {
      builder.tls();
    }
    return builder.start();
  }
}
