"""A small catalog that can be told to lie, so that the judgement of the scripts is seen to fail.

It speaks the HTTP API of catalog-query and catalog-admin as far as the scripts use it, on two ports of the
loopback. It proves nothing of Vitrina: the scripts run against the real one for that.
"""

import json
import random
import re
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TOKEN = "letters"
COUNT = 150


class Catalog:
    """Products, all their versions, and the fault that storefronts shall see."""

    def __init__(self, fault=None):
        self.fault = fault
        self.lock = threading.Lock()
        self.second, self.asked = 0, 0
        self.products = {}
        for number in range(COUNT):
            product = {
                "id": str(uuid.uuid4()),
                "slug": f"product-{number}",
                "brand": None,
                "version": 1,
                "variants": [{"sku": f"sku-{number}"}],
            }
            self.products[product["id"]] = [(0.0, product)]
        self.servers = [self.serve(Storefront), self.serve(Editors)]
        self.storefront, self.editors = (
            f"http://127.0.0.1:{server.server_address[1]}" for server in self.servers
        )

    def serve(self, handler):
        server = Server(("127.0.0.1", 0), type("Handler", (handler,), {"catalog": self}))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def close(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def carries(self, most):
        """Whether this request is among the first of its second."""
        with self.lock:
            if self.second != int(time.monotonic()):
                self.second, self.asked = int(time.monotonic()), 0
            self.asked += 1
            return self.asked <= most

    def newest(self, product):
        return self.products[product][-1][1]

    def shown(self, product):
        """The version that storefronts see: with some faults an edit shows late."""
        delay = {"hides its age": 9, "says it is stale": 9, "shows edits late": 1}.get(self.fault, 0)
        until = time.monotonic() - delay
        return [it for at, it in self.products[product] if at <= until][-1]

    def edit(self, product, brand):
        versions = self.products[product]
        edited = {**versions[-1][1], "brand": brand, "version": versions[-1][1]["version"] + 1}
        versions.append((time.monotonic(), edited))
        return edited


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A run that ends leaves connections behind."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    catalog: Catalog

    def log_message(self, *_):
        pass

    def answer(self, status, body, **headers):
        data = b"" if status == 304 else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Storefront(Handler):
    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        fault = self.catalog.fault
        if fault == "is slow":
            time.sleep(0.3)
        is_list = "limit" in query
        if not is_list and (fault == "refuses" or fault == "carries 30 a second" and not self.catalog.carries(30)):
            self.answer(503, {"type": "/problems/overloaded"}, Retry_After="1")
            return
        self.route(url.path, query)

    def route(self, path, query):
        products = self.catalog.products
        if path == "/v1/products" and "ids" in query:
            ids = query["ids"].split(",")
            if self.catalog.fault == "mixes up shelves":
                ids.reverse()
            self.labelled(200, {"products": [self.catalog.shown(it) for it in ids], "missing": []})
        elif path == "/v1/products":
            start, limit = int(query.get("cursor", 0)), int(query["limit"])
            page = [self.catalog.shown(it) for it in list(products)[start : start + limit]]
            more = str(start + limit) if start + limit < len(products) else None
            self.labelled(200, {"items": page, "next_cursor": more})
        elif path == "/v1/categories":
            self.labelled(200, {"items": [{"slug": "all"}]})
        elif path == "/v1/categories/all":
            self.labelled(200, {"slug": "all"})
        else:
            self.product(path)

    def product(self, path):
        found = self.find(path)
        if found is None:
            self.labelled(404, {"type": "/problems/not-found"})
            return
        if self.catalog.fault == "answers another product":
            found = self.catalog.shown(next(iter(self.catalog.products)))
        tag = f'"{found["version"]}"'
        unchanged = self.headers.get("If-None-Match") == tag
        self.labelled(304 if unchanged else 200, found, ETag=tag)

    def find(self, path):
        by_name = re.fullmatch(r"/v1/products/by-(slug|sku)/([a-z]+)-(\d+)", path)
        if by_name:
            return self.catalog.shown(list(self.catalog.products)[int(by_name[3])])
        product = path.rsplit("/", 1)[1]
        return self.catalog.shown(product) if product in self.catalog.products else None

    def labelled(self, status, body, **headers):
        stale = self.catalog.fault == "says it is stale"
        label = "vitrina; hit; ttl=-3; detail=moka-stale" if stale else "vitrina; hit; ttl=1; detail=moka"
        if self.catalog.fault != "has no label":
            headers["Cache_Status"] = f"edge; fwd=miss, {label}"
        if self.catalog.fault == "is divided by a mesh":
            headers["X_Vitrina_Subset"] = random.choice(["stable", "canary"])
        self.answer(status, body, **headers)


class Editors(Handler):
    def do_GET(self):
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.answer(401, {"type": "/problems/unauthenticated", "detail": "The token has expired."})
        elif self.path.startswith("/v1/products?"):
            self.answer(200, {"items": []})
        else:
            newest = self.catalog.newest(self.path.rsplit("/", 1)[1])
            self.answer(200, newest, ETag=f'"{newest["version"]}"')

    def do_PATCH(self):
        change = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        product = self.path.rsplit("/", 1)[1]
        if self.catalog.fault == "takes no edit":
            self.answer(503, {"type": "/problems/unavailable"})
            return
        with self.catalog.lock:
            is_current = self.headers.get("If-Match") == f'"{self.catalog.newest(product)["version"]}"'
            if self.catalog.fault == "always conflicts" or not is_current:
                self.answer(412, {"type": "/problems/version-conflict"})
                return
            if self.catalog.fault == "loses an edit's content":
                change["brand"] = "another"
            edited = self.catalog.edit(product, change["brand"])
        self.answer(200, edited, ETag=f'"{edited["version"]}"')
