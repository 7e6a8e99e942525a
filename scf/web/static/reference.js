"use strict";
const place = document.getElementById("reference");
SwaggerUIBundle({ url: place.dataset.document, domNode: place, deepLinking: true, docExpansion: "list", tryItOutEnabled: false, validatorUrl: null });
