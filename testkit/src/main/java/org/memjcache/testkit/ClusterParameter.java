// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** The parameters of test methods and constructors that can be given servers. */
final class ClusterParameter {

  private ClusterParameter() {}

  static boolean isSupported(Parameter parameter) {
    return parameter.getType() == MemcachedServer.class
        || parameter.getType() == MemcachedCluster.class
        || isListOfServers(parameter.getParameterizedType());
  }

  /**
   * {@return the value for a supported parameter}
   *
   * @throws ParameterResolutionException if nothing was started, or one server is asked of several
   */
  static Object resolve(Parameter parameter, @Nullable MemcachedCluster cluster) {
    if (cluster == null) {
      throw new ParameterResolutionException("No memcached was started for " + parameter);
    }
    if (parameter.getType() == MemcachedCluster.class) {
      return cluster;
    }
    if (parameter.getType() != MemcachedServer.class) {
      return cluster.servers();
    }
    if (cluster.servers().size() > 1) {
      throw new ParameterResolutionException(
          "There are %d servers: take a MemcachedCluster or a List<MemcachedServer>, not %s"
              .formatted(cluster.servers().size(), parameter));
    }
    return cluster.server(0);
  }

  private static boolean isListOfServers(Type type) {
    return type instanceof ParameterizedType list
        && list.getRawType() == List.class
        && list.getActualTypeArguments()[0] == MemcachedServer.class;
  }
}
