// SPDX-License-Identifier: Apache-2.0
package org.memjcache.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.Properties;
import javax.cache.Cache;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.TestProvider;

/**
 * The program of a JVM that loses algorithms, as if it were restricted to approved cryptography,
 * and uses caches. Needs {@code --add-opens java.base/java.security=ALL-UNNAMED}.
 */
final class RestrictedRuntime {

  private RestrictedRuntime() {}

  public static void main(String[] arguments) throws Exception {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      System.out.println(answer(order.split(" ")));
    }
  }

  /** Carries out {@code remove <type> <algorithm>}, {@code wrap MD5} or {@code use <uri>}. */
  private static String answer(String... order) throws Exception {
    return switch (order[0]) {
      case "remove" -> remove(order[1], order[2]);
      case "wrap" -> wrap(order[1]);
      default -> use(URI.create(order[1]), order.length > 2 ? order[2] : null);
    };
  }

  private static String remove(String type, String algorithm) throws Exception {
    Method remove = Provider.class.getDeclaredMethod("removeService", Provider.Service.class);
    remove.setAccessible(true);
    for (Provider provider : Security.getProviders()) {
      Provider.Service service = provider.getService(type, algorithm);
      if (service != null) {
        remove.invoke(provider, service);
        // Or else the list of all providers goes on answering from its memory.
        Security.removeProvider(provider.getName());
        Security.addProvider(provider);
      }
    }
    return "removed";
  }

  /** Puts a digest that can't be cloned in place of the one that can. */
  private static String wrap(String algorithm) throws NoSuchAlgorithmException {
    MessageDigest wrapped = MessageDigest.getInstance(algorithm);
    Security.insertProviderAt(new Wrapping(algorithm, wrapped.getProvider()), 1);
    return "wrapped";
  }

  private static String use(URI uri, String secret) throws IOException {
    Properties options = new Properties();
    options.setProperty("memjcache.timeout", "20s");
    options.setProperty("memjcache.connectTimeout", "20s");
    if (secret != null) {
      options.setProperty("memjcache.secret", secret);
    }
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      Cache<String, String> cache =
          provider.getCacheManager(uri, null, options).createCache("info", TestProvider.strings());
      for (int i = 0; i < 20; i++) {
        cache.put("k" + i, "v" + i);
      }
      for (int i = 0; i < 20; i++) {
        if (!("v" + i).equals(cache.get("k" + i))) {
          return "lost k" + i;
        }
      }
      return "works";
    } catch (Throwable e) { // it is what the test wants to see
      return e.toString();
    }
  }

  private static final class Wrapping extends Provider {
    private static final long serialVersionUID = 1L;

    Wrapping(String algorithm, Provider wrapped) {
      super("Wrapping", "1", "digests that can't be cloned");
      putService(
          new Service(this, "MessageDigest", algorithm, Uncloneable.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
              return new Uncloneable(MessageDigest.getInstance(algorithm, wrapped));
            }
          });
    }
  }

  private static final class Uncloneable extends MessageDigestSpi {
    private final MessageDigest wrapped;

    Uncloneable(MessageDigest wrapped) {
      this.wrapped = wrapped;
    }

    @Override
    protected void engineUpdate(byte input) {
      wrapped.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
      wrapped.update(input, offset, length);
    }

    @Override
    protected byte[] engineDigest() {
      return wrapped.digest();
    }

    @Override
    protected void engineReset() {
      wrapped.reset();
    }
  }
}
