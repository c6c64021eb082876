package hotels.parts;

import java.util.HashMap;
import java.util.Map;
import javax.cache.integration.CacheLoader;

/** Made by reflection: by JCache's factory, or by the provider, which reads its name in a file. */
public final class StayLoader implements CacheLoader<String, String> {

  @Override
  public String load(String city) {
    return "2 days in " + city;
  }

  @Override
  public Map<String, String> loadAll(Iterable<? extends String> cities) {
    Map<String, String> loaded = new HashMap<>();
    cities.forEach(city -> loaded.put(city, load(city)));
    return loaded;
  }
}
