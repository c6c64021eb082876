// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.spring;

import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The service over HTTP. */
@RestController
class HotelsController {

  private final Hotels hotels;

  HotelsController(Hotels hotels) {
    this.hotels = hotels;
  }

  @GetMapping("/hotels/{id}")
  Hotels.Hotel find(@PathVariable long id) {
    return hotels.find(id);
  }

  @PutMapping("/hotels/{id}")
  Hotels.Hotel rename(@PathVariable long id, @RequestBody String name) {
    return hotels.rename(id, name);
  }

  @GetMapping("/hotels/{id}/price")
  Hotels.Price price(@PathVariable long id, @RequestParam int nights) {
    return hotels.price(id, nights);
  }

  /** Clears everything cached for this tenant. */
  @DeleteMapping("/cache")
  void forget() {
    hotels.forget();
  }
}
