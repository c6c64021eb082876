// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.cache.expiry.EternalExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.internal.common.ClassLookup;

/**
 * What many tenants of one process have in common, read once and held once. Thread-safe.
 *
 * <p>An idle tenant takes less than 2 KB of heap and is opened in less than 20 us, which
 * tenants.ManyTenantsTest holds. Three things save that:
 *
 * <ul>
 *   <li>the settings of managers that were read last: the URIs of many tenants differ in their path
 *       only, all else then isn't checked again, and is the same object for all of them;
 *   <li>the configuration of a cache that was made last: most caches of most tenants have equal
 *       ones;
 *   <li>one text as the key of a manager, as a {@link URI} keeps each of its parts as a text of its
 *       own, several times as much.
 * </ul>
 *
 * <p>Settings that are remembered count as long as everything that they were made of is as it was:
 * scheme, servers and query of the URI, properties, system properties, environment. Files are
 * always read.
 */
public final class SharedSettings {

  private static final Pattern ESCAPE = Pattern.compile("%..");

  /** Held weakly, as it holds the types of keys and values. */
  private static volatile WeakReference<@Nullable MemcachedConfiguration<?, ?>> lastPlain =
      new WeakReference<>(null);

  /** What settings are made of, but for the path of the URI. */
  private record Source(
      String scheme, String authority, @Nullable String query, List<SuppliedOption> given) {}

  private record Known(Source source, ManagerSettings settings) {}

  /** One is enough: tenants that are opened in turn are those of one application, mostly. */
  private volatile @Nullable Known last;

  /** Returns the settings of a manager: as {@link ManagerSettings#of}. */
  public ManagerSettings settings(
      URI uri, @Nullable Properties properties, Environment environment) {
    return ParsedUri.withUriInErrors(
        uri,
        () ->
            settings(uri, environment.read(properties), environment.classes())
                .withResolver(environment.classes())); // not held, as it is the application's
  }

  private ManagerSettings settings(URI uri, List<SuppliedOption> given, ClassLookup classes) {
    if (!ParsedUri.isPlain(uri) || given.stream().anyMatch(SharedSettings::isOfOne)) {
      return ManagerSettings.of(uri, given, classes);
    }
    Source source = new Source(uri.getScheme(), uri.getRawAuthority(), uri.getRawQuery(), given);
    Known known = last;
    if (known != null && known.source.equals(source)) {
      return known.settings.withNamespace(NamespacePath.parse(uri.getRawPath()));
    }
    ManagerSettings settings = ManagerSettings.of(uri, given, classes);
    last = new Known(source, settings);
    return settings;
  }

  /** Returns whether an option is about one manager, or holds what an application has made. */
  private static boolean isOfOne(SuppliedOption given) {
    return given.mustAgreeWithPath() || given.object() != null;
  }

  /** Forgets the settings of managers, secrets among them. */
  public void clear() {
    last = null;
  }

  /** Returns an equal configuration that other caches have, too, or the given one. */
  static <K, V> MemcachedConfiguration<K, V> share(MemcachedConfiguration<K, V> plain) {
    if (!isPlain(plain)) {
      return plain;
    }
    MemcachedConfiguration<?, ?> last = lastPlain.get();
    if (last != null
        && last.equals(plain)
        // which JCache's own class leaves out of what makes two of them equal
        && last.isManagementEnabled() == plain.isManagementEnabled()) {
      @SuppressWarnings("unchecked") // equal types are among what makes them equal
      MemcachedConfiguration<K, V> same = (MemcachedConfiguration<K, V>) last;
      return same;
    }
    lastPlain = new WeakReference<>(plain);
    return plain;
  }

  /** Returns whether all that it has is compared by what it is, not by an {@code equals}. */
  private static boolean isPlain(MemcachedConfiguration<?, ?> configuration) {
    return !configuration.getCacheEntryListenerConfigurations().iterator().hasNext()
        && configuration.getCacheLoaderFactory() == null
        && configuration.getCacheWriterFactory() == null
        && configuration.getSerializerFactory() == null
        && configuration.getEntryExpiryFactory() == null
        && configuration.getExpiryPolicyFactory().equals(EternalExpiryPolicy.factoryOf());
  }

  /**
   * Returns the text that a manager is found by: the same for two URIs if and only if they are
   * equal, as {@link URI#equals} has it, which leaves aside the case of scheme, host and escapes.
   * It is the URI's own text if that is spelled as the key is.
   */
  public static String uriKey(URI uri) {
    String scheme = uri.getScheme() == null ? "" : lower(uri.getScheme()) + ":";
    String rest =
        uri.isOpaque()
            ? uri.getRawSchemeSpecificPart()
            : authority(uri) + uri.getRawPath() + part("?", uri.getRawQuery());
    String key = scheme + rest + part("#", uri.getRawFragment());
    if (key.indexOf('%') >= 0) {
      key = ESCAPE.matcher(key).replaceAll(escape -> escape.group().toUpperCase(Locale.ROOT));
    }
    return key.equals(uri.toString()) ? uri.toString() : key;
  }

  private static String authority(URI uri) {
    if (uri.getHost() == null) { // several servers, say: the JDK takes the case to matter
      return part("//", uri.getRawAuthority());
    }
    String user = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo() + "@";
    return "//" + user + lower(uri.getHost()) + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }

  private static String part(String mark, @Nullable String text) {
    return text == null ? "" : mark + text;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
