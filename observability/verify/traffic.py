"""A little of what storefronts and editors do, so that every metric has something to show."""

import json
import secrets
import time
import uuid
from urllib.error import HTTPError
from urllib.request import Request, urlopen


class Traffic:
    """Against one stack."""

    def __init__(self, addresses):
        self.storefronts = addresses["query"]
        self.admin = addresses["admin"]
        with open(addresses["editor_token"], encoding="ascii") as file:
            self.token = file.read().strip()

    def run(self, seconds):
        """Reads all the time, and edits once a second; gives how many requests there were."""
        products = json.loads(self.read(self.storefronts[0], "/v1/products?limit=20"))["items"]
        if not products:
            raise RuntimeError("the catalog has no products: make up brings a demonstration catalog")
        requests, turn, end = 0, 0, time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            product = products[turn % len(products)]
            for storefront in self.storefronts:
                for path in self.paths(product, products):
                    self.read(storefront, path)
                    requests += 1
            if turn % 4 == 0:
                requests += self.edit(product["id"])
            turn += 1
            time.sleep(max(0.0, 0.25 - (time.monotonic() - now)))
        return requests

    def paths(self, product, products):
        yield f"/v1/products/{product['id']}"
        yield f"/v1/products/{product['id']}?locale=de"
        yield f"/v1/products/by-slug/{product['slug']}"
        # Nobody has looked for this one before, so the replicas are asked.
        yield f"/v1/products/{uuid.uuid4()}"
        yield "/v1/products?limit=5"
        yield f"/v1/products?ids={products[0]['id']},{product['id']}"
        yield "/v1/categories"

    def read(self, base, path):
        return self.send(Request(base + path))[0]

    def edit(self, product):
        """Gives a product another brand and takes it back; somebody else may be quicker. Gives how many
        requests that took."""
        url = f"{self.admin}/v1/products/{product}"
        bearer = {"Authorization": f"Bearer {self.token}"}
        body, headers = self.send(Request(url, headers=bearer))
        brand = json.loads(body).get("brand")
        for value in (f"{brand} (edited)", brand):
            changing = {**bearer, "If-Match": headers["ETag"], "Content-Type": "application/merge-patch+json"}
            _, headers = self.send(Request(url, json.dumps({"brand": value}).encode(), changing, method="PATCH"))
            # Whoever was quicker has the product.
            if "ETag" not in headers:
                break
        return 3

    def send(self, request):
        """A 4xx is an answer too. Each request is one of a trace that is recorded."""
        request.add_header("traceparent", f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01")
        try:
            with urlopen(request, timeout=10) as answer:
                return answer.read(), answer.headers
        except HTTPError as error:
            if error.code >= 500 or error.code in (401, 403):
                said = f"{request.get_method()} {request.full_url} was answered with {error.code}"
                raise RuntimeError(f"{said}: {error.read().decode()}") from None
            return error.read(), error.headers
