package org.memjcache.internal.config;

import java.net.URI;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;

/**
 * Gives the settings of managers as {@link ManagerSettings#of(URI, Properties, Environment)} does,
 * and remembers those that it gave last. The URIs of many tenants differ in their path only; all
 * else then isn't checked again, and is the same object for all of them.
 *
 * <p>What is remembered counts as long as everything that it was made of is as it was: servers and
 * query of the URI, properties, system properties, environment. Files are always read.
 *
 * <p>Thread-safe.
 */
public final class SettingsMemory {

  /** What settings are made of, but for the path of the URI. */
  private record Source(String authority, @Nullable String query, OptionSources beside) {}

  private record Known(Source source, ManagerSettings settings) {}

  /** One is enough: tenants that are opened in turn are those of one application, mostly. */
  private volatile @Nullable Known last;

  /** Makes a memory of nothing. */
  public SettingsMemory() {}

  /**
   * Returns the settings of a manager.
   *
   * @param uri as for {@link ManagerSettings#of(URI, Properties, Environment)}
   * @param properties as there
   * @param surroundings as there
   * @return the settings
   * @throws InvalidConfigurationException if any part is not accepted
   */
  public ManagerSettings settings(
      URI uri, @Nullable Properties properties, Environment surroundings) {
    try {
      OptionSources beside = OptionSources.of(properties, surroundings);
      if (!ParsedUri.isPlain(uri) || beside.namesNamespace()) {
        return ManagerSettings.of(uri, beside, surroundings.loader());
      }
      Source source = new Source(uri.getRawAuthority(), uri.getRawQuery(), beside);
      Known known = last;
      if (known != null && known.source.equals(source)) {
        return known.settings.in(NamespacePath.parse(uri.getRawPath()));
      }
      ManagerSettings settings = ManagerSettings.of(uri, beside, surroundings.loader());
      last = new Known(source, settings);
      return settings;
    } catch (InvalidConfigurationException e) {
      throw e.in(ParsedUri.shown(uri));
    }
  }

  /** Forgets all, secrets among it. */
  public void clear() {
    last = null;
  }
}
