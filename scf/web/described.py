"""flask-smorest's API as this site has it: errors are problem documents, and the description is made when asked for.

Describing every operation takes half as long as all the rest of making the app, and most processes are never asked.
"""

from collections.abc import Sequence
from threading import RLock
from typing import Any

from apispec import APISpec
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from scf.web import problems
from scf.web.bodies import Subject
from scf.web.problems import ProblemSchema


class DescribedApi(Api):  # type: ignore[misc]
    """The API's routes and what describes them."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Any) -> None:
        self._undescribed: list[Subject] = []
        # one thread at a time; what describes asks for the description itself
        self._describing = RLock()
        super().__init__(app)

    @property
    def spec(self) -> APISpec | None:
        """The whole description; None before there is any."""
        with self._describing:
            subjects, self._undescribed = self._undescribed, []
            if self._spec is not None:
                self._describe(self._spec, subjects)
        return self._spec

    @spec.setter
    def spec(self, made: APISpec | None) -> None:
        self._spec = made

    def _describe(self, spec: APISpec, subjects: Sequence[Subject]) -> None:
        for each in subjects:
            each.register_views_in_doc(self, self._app, spec, name=each.name, parameters=None)
            spec.tag({"name": each.name, "description": each.description})

    def register_blueprint(self, subject: Subject) -> None:
        """flask-smorest's name for it: serve the routes of a subject."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][subject.name] = self
        self._app.register_blueprint(subject)
        self._undescribed.append(subject)

    def _register_responses(self) -> None:
        # what it registers here are errors, and those are of another type than answers
        self.DEFAULT_RESPONSE_CONTENT_TYPE = problems.CONTENT_TYPE
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE

    def handle_http_exception(self, error: HTTPException) -> Any:
        """flask-smorest's name for it: HTTP errors as problem documents for programs, as they are for people."""
        return problems.told(problems.of_http(error))
