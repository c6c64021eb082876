// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

/** The hotels that tests start with. */
final class Samples {

  private Samples() {}

  /** Adds them to a tenant in place of what there was, and leaves nothing of the tenant cached. */
  static void addTo(Application application, String tenant) {
    Hotels hotels = application.hotels(tenant);
    hotels.removeAll();
    application.clear(tenant); // memcached outlives the databases of tests
    Hotel alfama = new Hotel(1, "ALF", "Casa Alfama");
    alfama.addRoom(101, 2);
    alfama.addRoom(102, 3);
    hotels.add(alfama);
    Hotel tejo = new Hotel(2, "TEJ", "Hotel Tejo");
    tejo.addRoom(201, 4);
    hotels.add(tejo);
    application.clear(tenant);
  }
}
